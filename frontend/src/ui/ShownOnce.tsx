import type { ReactNode } from 'react';
import { Button } from './Button';
import { CopyField } from './CopyField';
import { Actions, Dialog } from './Dialog';

interface Props {
  title: string;
  /** What it is for, and that it is not shown again. */
  text: ReactNode;
  label: string;
  value: string;
  onClose: () => void;
}

/** The last step of a dialog that has made a secret: the only moment to take it along. */
export const ShownOnce = ({ title, text, label, value, onClose }: Props) => (
  <Dialog open onClose={onClose} title={title} description={text}>
    <CopyField label={label} value={value} />
    <Actions>
      <Button variant="primary" onClick={onClose}>
        Done
      </Button>
    </Actions>
  </Dialog>
);
