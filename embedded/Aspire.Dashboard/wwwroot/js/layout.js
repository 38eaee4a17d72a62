// The layout's side in the browser: the theme's choice, and whether the page is connected.
const root = document.documentElement;

/** Called once the layout is interactive. Returns the chosen theme: system, light or dark. */
export function start() {
    document.body.addEventListener("themeChanged", e => { root.dataset.theme = e.detail.isDark ? "dark" : "light"; });
    document.getElementById("components-reconnect-modal")?.addEventListener("components-reconnect-state-changed", e => {
        root.dataset.live = e.detail.state === "hide" ? "true" : "false";
    });
    root.dataset.live = "true";
    // As theme.js has read it: Fluent tells its mode only together with a colour.
    return root.dataset.themeChoice;
}

/** Chooses a theme; Fluent keeps the choice for the next visit. */
export function setTheme(mode) {
    root.dataset.themeChoice = mode;
    globalThis.Blazor.theme.setThemeMode(mode);
}
