// The end of the session is announced, and the page does not stay on the screen after it. What a page asks by itself,
// without anybody there, says so ("X-Poll") and prolongs nothing.
const POLL = { "X-Poll": "1" };
const WARNING = 120;
const dialog = document.getElementById("session");
let end;

const prolong = (seconds) => (end = Date.now() + seconds * 1000);
const left = () => Math.round((end - Date.now()) / 1000);

async function ask(headers) {
    const answer = await fetch(dialog.dataset.url, { headers, redirect: "manual" });
    if (!answer.ok) location.reload(); // signed out: sign-in comes instead
    else prolong((await answer.json()).seconds);
    if (left() > WARNING) dialog.close();
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.triggeringEvent) prolong(dialog.dataset.idle);
    else Object.assign(detail.headers, POLL);
});
dialog.querySelector("[data-prolong]").addEventListener("click", () => ask({}).catch(() => {}));

prolong(dialog.dataset.left);
setInterval(() => {
    if (dialog.open) dialog.querySelector("[data-left-now]").textContent = Math.max(left(), 0);
    if (left() > WARNING || (dialog.open && left() > 0)) return;
    // Another tab may have prolonged it: the server knows.
    ask(POLL).then(() => left() <= WARNING && !dialog.open && dialog.showModal()).catch(() => {});
}, 1000);
