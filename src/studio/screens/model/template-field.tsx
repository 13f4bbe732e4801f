/**
 * @file A model without a chat template: how messages become text is chosen here, in words; nothing is chosen
 * beforehand.
 */
import { useState } from 'react';
import { Button, FileTrigger, Label, Radio, RadioGroup } from 'react-aria-components';
import type { ModelSummary } from '../../../worker/protocol';
import { useBusyReason, useStudio } from '../use-studio';
import { useText } from '../../text/text';

const builtIn = ['none', 'plain', 'chatml'] as const;

export function isBuiltIn(choice: string): choice is (typeof builtIn)[number] {
  return builtIn.some((name) => name === choice);
}

function selectionOf(choice: string | null): string | null {
  return choice === null || isBuiltIn(choice) ? choice : 'file';
}

export function TemplateField({ summary }: { readonly summary: ModelSummary }) {
  const { modelShelf } = useStudio();
  const { template: text } = useText().model;
  const isDisabled = useBusyReason() !== null;
  const { templateChoice } = summary;
  /** Whether a file was asked for that has not been read yet; it is in use only then. */
  const [wantsFile, setWantsFile] = useState(false);
  const selected = wantsFile ? 'file' : selectionOf(templateChoice);

  function choose(id: string): void {
    setWantsFile(id === 'file');
    if (id !== 'file') void modelShelf.getState().chooseTemplate(id);
  }

  async function read(list: FileList | null): Promise<void> {
    const file = list?.[0];
    if (file === undefined) return;
    await modelShelf.getState().chooseTemplate({ source: await file.text(), file: file.name });
    setWantsFile(false);
  }

  return (
    <section className="model-list" aria-labelledby="chat-template" data-testid="chat-template">
      <h3 id="chat-template">{text.title}</h3>
      <p className={templateChoice === null ? 'note note-info' : 'quiet'}>{text.missing(summary.name)}</p>
      <RadioGroup className="method-choice" value={selected} isDisabled={isDisabled} onChange={choose}>
        <Label className="visually-hidden">{text.label}</Label>
        <div className="method-cards">
          {([...builtIn, 'file'] as const).map((id) => (
            <Radio key={id} className="method-card" value={id}>
              <span className="method-name">{text.choices[id].name}</span>
              <span className="method-help">{text.choices[id].help}</span>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      {selected === 'file' && (
        <div className="start-row">
          <FileTrigger acceptedFileTypes={['.jinja', '.jinja2', '.txt']} onSelect={(list) => void read(list)}>
            <Button className="button" isDisabled={isDisabled}>
              {text.file}
            </Button>
          </FileTrigger>
          {templateChoice !== null && !isBuiltIn(templateChoice) && (
            <p className="quiet">{text.inUse(templateChoice)}</p>
          )}
        </div>
      )}
    </section>
  );
}
