// The pill in the top bar that says whether this device is online.
const pills = document.querySelectorAll("[data-net]");
const show = () => {
    for (const pill of pills) {
        pill.classList.toggle("off", !navigator.onLine);
        pill.querySelector("span").textContent = navigator.onLine ? pill.dataset.online : pill.dataset.offline;
    }
};
addEventListener("online", show);
addEventListener("offline", show);
show();
