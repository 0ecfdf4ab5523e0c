import { PatchLink } from '../links';
import { SidePanel } from '../SidePanel';
import { PatchDetails } from './PatchDetails';

/** A patch beside the page it was opened from. */
export function PatchPanel({
  team,
  patchKey,
  zone,
  peek,
  onClose,
}: {
  team: string;
  patchKey: string;
  zone: string;
  peek?: boolean;
  onClose: () => void;
}) {
  return (
    <SidePanel title={<PatchLink patchKey={patchKey} />} onClose={onClose} peek={peek}>
      <PatchDetails key={patchKey} team={team} patchKey={patchKey} zone={zone} />
    </SidePanel>
  );
}
