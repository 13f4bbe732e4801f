/** @file A button that opens an empty pair, to be written by hand. */
import { useState } from 'react';
import { Plus } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useText } from '../../text/text';
import { NewPairDialog } from './pair-dialog';

export function AddPairButton({ className, isLocked }: { readonly className: string; readonly isLocked: boolean }) {
  const { table: text } = useText().data;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button className={className} isDisabled={isLocked} onPress={() => setOpen(true)}>
        <Plus aria-hidden="true" /> {text.add}
      </Button>
      {isOpen && <NewPairDialog onClose={() => setOpen(false)} />}
    </>
  );
}
