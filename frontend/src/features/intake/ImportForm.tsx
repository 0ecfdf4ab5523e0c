import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Field, Input, Select } from '../../ui/Field';
import { FileDrop } from '../../ui/FileDrop';
import { KnownFormats } from './KnownFormats';
import { formatsQuery } from './queries';
import type { ImportOptions } from './upload';
import { addUploads } from './uploads';

const recognise = ['auto', 'Recognise it'] as const;

const scopes = [
  ['full', 'Full: closes what it no longer sees'],
  ['partial', 'Partial: closes nothing'],
] as const;

/** The options hold for the files dropped after they were set. */
export function ImportForm({ team }: { team: string }) {
  const [options, setOptions] = useState<ImportOptions>({ scope: 'full', asset: '', format: 'auto' });
  const { data: formats = [] } = useQuery(formatsQuery);
  const choices = [recognise, ...formats.map(({ id, title }) => [id, title] as const)];
  const set = (patch: Partial<ImportOptions>) => setOptions({ ...options, ...patch });
  return (
    <div className="form">
      <div className="import-options">
        <Field label="Scope" required hint="Of the assets the report covers.">
          <Select
            options={scopes}
            value={options.scope}
            onChange={(e) => set({ scope: e.target.value as ImportOptions['scope'] })}
          />
        </Field>
        <Field
          label="Asset"
          hint="Where the file does not name it, or names it differently. A list without one gets the file's name."
        >
          <Input maxLength={300} value={options.asset} onChange={(e) => set({ asset: e.target.value })} />
        </Field>
        <Field label="Format" required hint="Normally recognised from the content.">
          <Select options={choices} value={options.format} onChange={(e) => set({ format: e.target.value })} />
        </Field>
      </div>
      <FileDrop
        label="Drop reports here or choose files"
        hint="Reports of scanners, lists of updates and packages, advisories and feeds; plain or gzipped"
        multiple
        onFiles={(files) => addUploads(team, files, options)}
      />
      <KnownFormats />
    </div>
  );
}
