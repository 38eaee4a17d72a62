// What happens, put onto the picture of the topology. Without this script the picture stands, and the table beside it says the same.
const space = 'http://www.w3.org/2000/svg';
const states = ['active', 'quiet', 'failing', 'unmeasured'];

function element(name, className, parent) {
  const made = document.createElementNS(space, name);
  made.setAttribute('class', className);
  parent.append(made);
  return made;
}

// Only what differs is written, so nothing flickers and no focus is lost.
function set(target, name, value) {
  if (target.getAttribute(name) !== value) {
    target.setAttribute(name, value);
  }
}

// A pill beside the port's label, and beside the arrow: the arrow's name has the words, and is compared with what is written inside.
function rate(arrow, text) {
  let group = arrow.nextElementSibling;
  if (!group?.classList.contains('rate')) {
    group = element('g', 'rate', arrow.parentNode);
    arrow.after(group);
    group.setAttribute('aria-hidden', 'true');
    element('rect', 'rate-box', group);
    element('text', 'rate-text', group);
  }
  set(group, 'visibility', text ? 'visible' : 'hidden');
  const label = group.querySelector('text');
  if (label.textContent === text) {
    return;
  }
  label.textContent = text;
  const port = arrow.querySelector('rect.port');
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(name => Number(port.getAttribute(name)));
  const size = Number(arrow.querySelector('text.port').getAttribute('font-size')) || 11;
  set(label, 'font-size', String(size));
  set(label, 'text-anchor', 'middle');
  const wide = Math.max(32, Math.ceil(label.getComputedTextLength()) + 12);
  // On the left, where columns have room; else on the right.
  const left = x - 3 - wide > 0 ? x - 3 - wide : x + width + 3;
  const box = group.querySelector('rect');
  for (const [name, value] of Object.entries({ x: left, y, width: wide, height, rx: height / 2 })) {
    set(box, name, String(value));
  }
  set(label, 'x', String(left + wide / 2));
  set(label, 'y', String(y + height / 2 + size * 3 / 8));
}

// The state of the resource that stands for a part, at the part's lower right corner.
function state(part, text, up) {
  part.classList.toggle('down', !up);
  let label = part.querySelector('.part-state');
  if (!label) {
    const box = part.querySelector('rect');
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(name => Number(box.getAttribute(name)));
    label = element('text', 'part-state', part);
    set(label, 'x', String(x + width - 8));
    set(label, 'y', String(y + height - 7));
    set(label, 'font-size', '11');
    set(label, 'text-anchor', 'end');
  }
  if (label.textContent !== text) {
    label.textContent = text;
  }
}

export function attach(figure) {
  const ending = new AbortController();
  const names = new Map();
  // A box of the picture is a shortcut with the mouse; its link above the picture is for everybody.
  figure.addEventListener('click', event => {
    const part = event.target.closest('[data-part]');
    if (part && !event.target.closest('a')) {
      document.querySelector(`[data-part-link="${CSS.escape(part.dataset.part)}"]`)?.click();
    }
  }, { signal: ending.signal });

  return {
    show(flows, parts) {
      for (const flow of flows) {
        const arrow = figure.querySelector(`a[data-flow="${CSS.escape(flow.id)}"]`);
        if (!arrow) {
          continue;
        }
        for (const name of states) {
          arrow.classList.toggle(name, name === flow.state);
        }
        arrow.classList.toggle('shown', flow.selected);
        if (!names.has(flow.id)) {
          names.set(flow.id, arrow.getAttribute('aria-label') ?? flow.id);
        }
        set(arrow, 'aria-label', `${names.get(flow.id)}; ${flow.sentence}`);
        rate(arrow, flow.label);
      }
      for (const part of parts) {
        const box = figure.querySelector(`[data-part="${CSS.escape(part.id)}"]`);
        if (box) {
          state(box, part.label, part.isUp);
        }
      }
    },
    dispose: () => ending.abort(),
  };
}
