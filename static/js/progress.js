// Asks how far the work in the background is and moves the bar; when it has ended the page is loaded again.
(() => {
  const place = document.querySelector("[data-job]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const done = place.querySelector("[data-done]");
  let pause = 700;

  const look = async () => {
    try {
      const answer = await fetch(place.dataset.job, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const job = await answer.json();
      bar.value = job.done;
      done.textContent = job.done;
      if (job.is_finished) {
        window.location.reload();
        return;
      }
    } catch {
      // The line is down for a moment; the next look may get through.
    }
    pause = Math.min(pause * 1.2, 5000);
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
})();
