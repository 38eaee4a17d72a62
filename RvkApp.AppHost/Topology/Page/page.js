// Without this script every arrow is a link to its row of the table; with it the row is shown beside the diagram as well.
const panel = document.getElementById('shown-flow');
const arrows = document.querySelectorAll('a.flow');

function show(arrow) {
  const row = document.querySelector(arrow.getAttribute('href'));
  if (!row || arrow.classList.contains('shown')) {
    return;
  }

  for (const other of arrows) {
    other.classList.toggle('shown', other.getAttribute('href') === arrow.getAttribute('href'));
  }

  const heading = document.createElement('h3');
  heading.append(...row.cells[0].cloneNode(true).childNodes, ' \u00b7 ', ...row.cells[1].cloneNode(true).childNodes);
  const parts = [heading];
  for (const cell of [...row.cells].slice(2)) {
    const label = document.createElement('p');
    label.className = 'label';
    label.append(cell.dataset.label);
    const part = document.createElement('div');
    part.append(...cell.cloneNode(true).childNodes);
    parts.push(...(cell.dataset.label === 'State' ? [part] : [label, part]));
  }

  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
}

for (const arrow of arrows) {
  arrow.addEventListener('pointerenter', () => show(arrow));
  arrow.addEventListener('focus', () => show(arrow));
  arrow.addEventListener('click', event => {
    event.preventDefault();
    show(arrow);
  });
}
