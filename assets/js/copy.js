// Buttons that copy what stands in a field. Without JavaScript they stay hidden: the field can be
// marked and copied by hand.
export function copyButtons(buttons) {
  if (!navigator.clipboard) return;
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copyFrom);
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    });
  }
}
