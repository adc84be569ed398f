// A form with a drop zone (`data-upload`): files can be dropped on it, their names are listed, and sending through
// hx-post shows how far it is. Without script the file field and the button do the same, less the progress.
for (const form of document.querySelectorAll("form[data-upload]")) {
    const zone = form.querySelector(".drop");
    const field = form.querySelector("input[type=file]");

    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
        zone.addEventListener(type, (event) => {
            event.preventDefault();
            zone.classList.toggle("over", type === "dragenter" || type === "dragover");
        });
    }
    zone.addEventListener("drop", ({ dataTransfer }) => {
        field.files = dataTransfer.files;
        list();
    });
    field.addEventListener("change", list);

    function list() {
        const items = [...field.files].map(({ name }) => Object.assign(document.createElement("li"), { textContent: name }));
        form.querySelector("[data-upload-names]").replaceChildren(...items);
    }

    form.addEventListener("htmx:xhr:progress", ({ detail }) => {
        const part = form.querySelector("[data-upload-progress]");
        part.hidden = false;
        Object.assign(part.querySelector("progress"), { max: detail.total, value: detail.loaded });
    });
}
