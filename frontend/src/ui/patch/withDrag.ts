export type DragKit = typeof import('./dragKit');

let kit: DragKit | undefined;
let coming: Promise<void> | undefined;

/** The first sign of a pointer loads the library: it is there before anybody can press and pull. */
function load(): Promise<void> {
  coming ??= new Promise<void>((resolve) => addEventListener('pointerover', () => resolve(), { once: true }))
    .then(() => import('./dragKit'))
    .then((loaded) => {
      kit = loaded;
    })
    .catch(() => {
      coming = undefined; // offline for a moment; what is shown next asks again
    });
  return coming;
}

/** Sets dragging up as soon as its library is there; for an effect, which returns what this returns. */
export function withDrag(setUp: (kit: DragKit) => () => void): () => void {
  if (kit) return setUp(kit);
  let stop: (() => void) | undefined;
  let gone = false;
  void load().then(() => {
    if (kit && !gone) stop = setUp(kit);
  });
  return () => {
    gone = true;
    stop?.();
  };
}
