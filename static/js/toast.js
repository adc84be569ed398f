// Messages after an action. The server writes them into #toasts; a part answered to htmx adds its own by an out-of-band
// swap. A toast that offers to undo stays 12 seconds, an error until it is closed, and none leaves while the pointer or
// the keyboard is on it.
const stack = document.getElementById("toasts");

function expire(toast) {
    if (toast.hasAttribute("data-stay")) return;
    const seconds = toast.querySelector("form") ? 12 : 6;
    let timer;
    const start = () => (timer = setTimeout(() => toast.remove(), seconds * 1000));
    const hold = () => clearTimeout(timer);
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("pointerleave", start);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("focusout", start);
    start();
}

function say(text) {
    const toast = document.createElement("div");
    toast.className = "toast-x";
    toast.textContent = text;
    stack.append(toast);
}

for (const toast of stack.children) expire(toast);
new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) expire(node);
}).observe(stack, { childList: true });

stack.addEventListener("click", ({ target }) => {
    if (target.closest("[data-dismiss]")) target.closest(".toast-x").remove();
});

document.addEventListener("say", ({ detail }) => say(detail)); // from other scripts
// htmx swaps nothing for an error: say so rather than stay silent.
document.addEventListener("htmx:responseError", () => say(stack.dataset.error));
document.addEventListener("htmx:sendError", () => say(stack.dataset.offline));
