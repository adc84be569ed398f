// A dialog whose body htmx fills (`data-opens-dialog`) opens when the answer is there. Without this file the same link
// leads to a page of its own.
document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target.matches("[data-opens-dialog]")) target.closest("dialog").showModal();
});
