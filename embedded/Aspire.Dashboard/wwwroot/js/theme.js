// Runs before the page is painted, so that it does not flash in the other theme. Fluent keeps the choice; this only reads it.
(() => {
    let mode;
    try {
        mode = JSON.parse(localStorage.getItem("fluentui-blazor:theme-settings") ?? "{}")?.mode;
    } catch {
        // Storage is blocked or holds something else: the system's theme.
    }
    const dark = mode === "dark" || (mode !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.documentElement.dataset.themeChoice = mode === "dark" || mode === "light" ? mode : "system";
    document.documentElement.dataset.live = "false";
})();
