// The API page's side in the browser: the reference in the frame has the theme of the page around it.
const root = document.documentElement;
let observer;

/** Shows the reference in a frame, and has it follow the theme. */
export function attach(frame) {
    detach();
    frame.src = `${frame.dataset.src}&theme=${root.dataset.theme}`;
    observer = new MutationObserver(() => {
        const dark = root.dataset.theme === "dark";
        const body = frame.contentDocument?.body;
        body?.classList.toggle("dark-mode", dark);
        body?.classList.toggle("light-mode", !dark);
    });
    observer.observe(root, { attributeFilter: ["data-theme"] });
}

/** No longer. */
export function detach() {
    observer?.disconnect();
    observer = undefined;
}
