// An opened record is shown until its end also where the network is gone meanwhile.

const shown = document.querySelector("[data-left-s]");

setTimeout(() => {
  shown.replaceChildren();
  location.reload();
}, Number(shown.dataset.leftS) * 1000);
