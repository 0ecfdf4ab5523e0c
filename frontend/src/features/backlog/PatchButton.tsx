import { useUrlState } from '../../app/url';

/** The key of a patch; a press opens its panel beside the backlog. */
export function PatchButton({ patchKey, onOpen }: { patchKey: string; onOpen?: () => void }) {
  const [, change] = useUrlState();
  const open = () => {
    onOpen?.();
    change({ patch: patchKey }, { push: true });
  };
  return (
    <button type="button" className="link key patch-button" onClick={open}>
      {patchKey}
    </button>
  );
}
