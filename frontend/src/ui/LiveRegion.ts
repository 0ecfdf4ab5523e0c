let region: HTMLElement | null = null;

function ensure(): HTMLElement {
  if (region?.isConnected) return region;
  region = document.createElement('div');
  region.className = 'sr';
  region.setAttribute('role', 'status');
  region.setAttribute('aria-live', 'polite');
  document.body.append(region);
  return region;
}

/** Says a text once to screen readers; nothing is shown. */
export function announce(text: string): void {
  const element = ensure();
  // the same text twice in a row is only spoken when the content changes in between
  element.textContent = '';
  setTimeout(() => {
    element.textContent = text;
  }, 50);
}
