// Comfort for native parts: <details class="menu"> closes on Escape or a click elsewhere, `data-open="#id"` opens a
// <dialog>, `data-close` closes it, "/" goes to the search box. Without this file all of them still work as plain HTML.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
    const { target } = event;
    for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;

    const opener = target.closest?.("[data-open]");
    const dialog = opener && document.querySelector(opener.dataset.open);
    if (dialog) {
        event.preventDefault();
        fill(dialog, opener);
        dialog.showModal();
    }
    if (target.closest?.("[data-close]") || target.matches?.("dialog")) target.closest("dialog")?.close();
    if (target.closest?.("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
        for (const menu of openMenus()) {
            menu.open = false;
            menu.querySelector("summary").focus();
        }
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        const search = document.getElementById("site-search");
        if (search?.offsetParent) {
            event.preventDefault();
            search.focus();
        }
    }
});

// One dialog serves a whole list: what the opener says in `data-…` fills the dialog. <… data-slot="name"> takes the text
// of data-name, <form data-slot-action="url"> its address, <input data-slot-value="bed"> its value.
function fill(dialog, { dataset }) {
    const each = (attribute, put) => {
        const key = attribute.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
        for (const part of dialog.querySelectorAll(`[data-${attribute}]`)) {
            const value = dataset[part.dataset[key]];
            if (value !== undefined) put(part, value);
        }
    };
    each("slot", (part, value) => (part.textContent = value));
    each("slot-action", (part, value) => (part.action = value));
    each("slot-value", (part, value) => (part.value = value));
}
