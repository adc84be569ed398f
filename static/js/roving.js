// A grid of buttons (`data-roving=".bed"`) is one stop of the Tab key; arrows, Home and End move inside it. The parts
// that htmx swaps in later count too, since everything is asked at the moment of the key.
const visible = (grid) => [...grid.querySelectorAll(grid.dataset.roving)].filter((item) => item.offsetParent);

function setUp(grid) {
    const items = visible(grid);
    if (items.filter((item) => item.tabIndex === 0).length < 2) return;
    items.forEach((item, index) => (item.tabIndex = index ? -1 : 0));
}

function neighbour(items, from, direction) {
    const box = from.getBoundingClientRect();
    const middle = Math.min(box.left + 20, box.right);
    const gap = ({ left, right }) =>
        middle >= left && middle <= right ? 0 : Math.min(Math.abs(left - middle), Math.abs(right - middle));
    return items
        .map((item) => ({ item, at: item.getBoundingClientRect() }))
        .filter(({ at }) => (direction > 0 ? at.top >= box.bottom - 2 : at.bottom <= box.top + 2))
        .sort((a, b) => direction * (a.at.top - b.at.top) || gap(a.at) - gap(b.at))[0]?.item;
}

document.addEventListener("focusin", ({ target }) => {
    const grid = target.closest?.("[data-roving]");
    if (!grid || !target.matches(grid.dataset.roving)) return;
    for (const item of visible(grid)) item.tabIndex = -1;
    target.tabIndex = 0;
});

document.addEventListener("keydown", (event) => {
    const grid = event.target.closest?.("[data-roving]");
    if (!grid || !event.target.matches(grid.dataset.roving)) return;
    const items = visible(grid);
    const index = items.indexOf(event.target);
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const next = {
        ArrowRight: () => items[index + forward],
        ArrowLeft: () => items[index - forward],
        ArrowDown: () => neighbour(items, event.target, 1),
        ArrowUp: () => neighbour(items, event.target, -1),
        Home: () => items[0],
        End: () => items.at(-1),
    }[event.key]?.();
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
});

const setUpAll = () => document.querySelectorAll("[data-roving]").forEach(setUp);
setUpAll();
document.addEventListener("htmx:load", setUpAll);
document.addEventListener("toggle", setUpAll, true); // a floor that opens shows its beds
