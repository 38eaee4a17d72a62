// What the pages of telemetry need of the browser and cannot say in HTML.

export function openDialog(dialog) {
  if (!dialog.open) {
    dialog.showModal();
  }
}

export function closeDialog(dialog) {
  dialog.close();
}

const moving = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Enter', ' ']);

// The page moves the selection by these keys, so they must not scroll as well.
export function takeKeys(grid) {
  grid.addEventListener('keydown', event => {
    if (event.target === grid && moving.has(event.key)) {
      event.preventDefault();
    }
  });
}

// Rows that are out of sight are not in the document: the place comes from the number of the row.
export function showRow(grid, index, height) {
  const header = grid.querySelector('.waterfall-head')?.offsetHeight ?? 0;
  const top = index * height;
  if (top < grid.scrollTop) {
    grid.scrollTop = top;
  } else if (top + height > grid.scrollTop + grid.clientHeight - header) {
    grid.scrollTop = top + height - grid.clientHeight + header;
  }
}
