// What pages gain where scripts run: the reader's own time, parts that stay up to date, and all rows chosen at once.

showTimes(document);
offerAll();
const seconds = Number(document.body.dataset.refresh ?? 0);
if (seconds > 0) setInterval(refresh, seconds * 1000);

/** @param {ParentNode} part */
function showTimes(part) {
  for (const time of part.querySelectorAll('time[datetime]')) {
    time.title = time.dateTime;
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, {
      dateStyle: 'short',
      timeStyle: 'hour' in time.dataset ? 'short' : 'medium',
    });
  }
}

/** Takes the parts marked `data-live` from the page as it is now. What the reader has opened or stands in stays as it is. */
async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, {headers: {accept: 'text/html'}}).catch(() => undefined);
  if (answer === undefined || !answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (next === null || part.contains(document.activeElement) || holdsSelection(part)) continue;
    const opened = [...part.querySelectorAll('details')].map(({open}) => open);
    next.querySelectorAll('details').forEach((details, index) => {
      details.open = opened[index] ?? false;
    });
    showTimes(next);
    if (next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
  }
}

/** @param {Element} part */
function holdsSelection(part) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
}

function offerAll() {
  for (const place of document.querySelectorAll('[data-choose]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'plain';
    button.textContent = 'Choose all on this page';
    button.addEventListener('click', () => {
      for (const box of place.closest('form').querySelectorAll('input[type=checkbox]')) box.checked = true;
    });
    place.append(button);
  }
}
