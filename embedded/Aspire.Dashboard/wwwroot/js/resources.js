// What the pages of resources and console logs need of the browser: dialogs, the clipboard, files, zooming, scrolling.

export function showDialog(dialog) {
  if (!dialog.open) {
    dialog.showModal();
  }
}

export function closeDialog(dialog) {
  dialog.close();
}

export async function copy(text) {
  await navigator.clipboard.writeText(text);
}

// Saves a .NET stream as a file.
export async function save(name, stream) {
  const url = URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// A menu is in the top layer and does not move with the page: it is put below its button when it opens. The event does not bubble, but it can be captured.
document.addEventListener('toggle', event => {
  const menu = event.target;
  if (event.newState !== 'open' || !(menu instanceof HTMLElement) || !menu.matches('[data-menu]')) {
    return;
  }
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  const at = button.getBoundingClientRect();
  const left = Math.min(at.left, document.documentElement.clientWidth - menu.offsetWidth - 8);
  const top = at.bottom + menu.offsetHeight + 8 > document.documentElement.clientHeight ? Math.max(8, at.top - menu.offsetHeight - 4) : at.bottom + 4;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${top}px`;
  menu.querySelector('button:not(:disabled), a')?.focus();
}, true);

// The graph: its viewBox is what is seen of it.
export function attachGraph(root) {
  const svg = root.querySelector('.graph-drawing');
  const ending = new AbortController();
  const options = { signal: ending.signal };
  let box = null;

  const whole = () => ({ x: 0, y: 0, width: Number(svg.dataset.width) || 1, height: Number(svg.dataset.height) || 1 });
  const show = next => {
    box = next;
    const { x, y, width, height } = box ?? whole();
    svg.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
  };
  // About a point of the drawing, which stays where it is.
  const zoom = (factor, centre) => {
    const now = box ?? whole();
    const width = Math.min(Math.max(now.width * factor, 150), whole().width * 4);
    const scale = width / now.width;
    const at = centre ?? { x: now.x + now.width / 2, y: now.y + now.height / 2 };
    show({ x: at.x - (at.x - now.x) * scale, y: at.y - (at.y - now.y) * scale, width, height: now.height * scale });
  };
  const move = (x, y) => {
    const now = box ?? whole();
    show({ ...now, x: now.x + x * now.width, y: now.y + y * now.height });
  };
  const pointOf = event => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());

  root.addEventListener('click', event => {
    switch (event.target.closest('[data-graph]')?.dataset.graph) {
      case 'in': zoom(0.8); break;
      case 'out': zoom(1.25); break;
      case 'fit': show(null); break;
    }
  }, options);
  root.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    switch (event.key) {
      case '+': case '=': zoom(0.8); break;
      case '-': zoom(1.25); break;
      case '0': show(null); break;
      case 'ArrowLeft': move(-0.1, 0); break;
      case 'ArrowRight': move(0.1, 0); break;
      case 'ArrowUp': move(0, -0.1); break;
      case 'ArrowDown': move(0, 0.1); break;
      case ' ': break; // chooses a node, and must not scroll the page
      default: return;
    }
    event.preventDefault();
  }, options);
  svg.addEventListener('wheel', event => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.1 : 0.9, pointOf(event));
  }, { ...options, passive: false });

  let grip = null;
  svg.addEventListener('pointerdown', event => {
    if (event.button === 0 && !event.target.closest('.graph-node')) {
      grip = pointOf(event);
      svg.setPointerCapture(event.pointerId);
    }
  }, options);
  svg.addEventListener('pointermove', event => {
    if (grip) {
      const at = pointOf(event);
      const now = box ?? whole();
      show({ ...now, x: now.x + grip.x - at.x, y: now.y + grip.y - at.y });
    }
  }, options);
  svg.addEventListener('pointerup', () => { grip = null; }, options);
  svg.addEventListener('pointercancel', () => { grip = null; }, options);
  return { dispose: () => ending.abort() };
}

// The console: it follows its end until the user scrolls up, and says how many characters fit into a row.
export function attachConsole(box, page) {
  const ending = new AbortController();
  let following = true;
  let last = 0;
  let columns = 0;

  const atEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 24;
  const toEnd = () => {
    box.scrollTop = box.scrollHeight;
    last = box.scrollTop;
  };
  const follow = now => {
    if (following !== now) {
      following = now;
      page.invokeMethodAsync('SetFollowing', now);
    }
  };
  box.addEventListener('scroll', () => {
    if (atEnd()) {
      follow(true);
    } else if (box.scrollTop < last) {
      follow(false);
    }
    last = box.scrollTop;
  }, { signal: ending.signal });

  const changes = new MutationObserver(() => {
    if (following && !atEnd()) {
      toEnd();
    }
  });
  changes.observe(box, { childList: true, subtree: true, attributes: true, attributeFilter: ['style'] });

  const measure = () => {
    const probe = box.querySelector('[data-probe]');
    const width = probe.getBoundingClientRect().width / probe.textContent.length;
    // As many fewer as the time, the resource and the edges take.
    const now = width > 0 ? Math.max(20, Math.floor((box.clientWidth - 32) / width)) : 0;
    if (now !== columns) {
      columns = now;
      page.invokeMethodAsync('SetColumns', now);
    }
  };
  const sizes = new ResizeObserver(measure);
  sizes.observe(box);
  measure();
  toEnd();

  return {
    toEnd: () => {
      toEnd();
      follow(true);
    },
    toRow: (index, height) => {
      follow(false);
      box.scrollTop = Math.max(0, index * height - box.clientHeight / 2);
      last = box.scrollTop;
    },
    dispose: () => {
      ending.abort();
      changes.disconnect();
      sizes.disconnect();
    },
  };
}
