// The API page's side in the browser: the reference in the frame has the theme of the page around it.
const root = document.documentElement;
let observer;

/** Shows the reference in a frame, and has it follow the theme. */
export function attach(frame) {
    detach();
    let shown;
    const load = () => {
        // Scalar takes its theme once: another one is another page.
        if (shown !== root.dataset.theme) {
            shown = root.dataset.theme;
            frame.src = `${frame.dataset.src}&theme=${shown}`;
        }
    };
    load();
    observer = new MutationObserver(load);
    observer.observe(root, { attributeFilter: ["data-theme"] });
}

/** No longer. */
export function detach() {
    observer?.disconnect();
    observer = undefined;
}
