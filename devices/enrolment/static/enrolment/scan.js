/** The camera reads the code of a device's label, where the browser can; typing is always there. */

const EVERY_MS = 250;

const scanner = document.querySelector("[data-scanner]");
const picture = document.querySelector("[data-scan-picture]");
const field = document.querySelector("#device-form [name=code]");

if ("BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  scanner.hidden = false;
  scanner.querySelector("[data-scan]").addEventListener("click", scan);
}

async function scan() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    scanner.querySelector("[data-scan-said]").textContent = scanner.dataset.textDenied;
    field.focus();
    return;
  }
  scanner.querySelector("[data-scan-said]").textContent = "";
  picture.srcObject = stream;
  picture.hidden = false;
  await picture.play();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  while (!picture.hidden) {
    const [found] = await detector.detect(picture).catch(() => []);
    if (found) {
      field.value = found.rawValue;
      picture.hidden = true;
    } else {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
  stream.getTracks().forEach((track) => track.stop());
  document.querySelector("#device-form [name=room]").focus();
}
