import { useState } from 'react';
import { Field, Input, Select } from '../../ui/Field';
import { FileDrop } from '../../ui/FileDrop';
import type { ImportOptions } from './upload';
import { addUploads } from './uploads';
import { formats } from './words';

const choices = [['auto', 'Recognise it'], ...formats] as const;

const scopes = [
  ['full', 'Full: closes what it no longer sees'],
  ['partial', 'Partial: closes nothing'],
] as const;

/** The options hold for the files dropped after they were set. */
export function ImportForm({ team }: { team: string }) {
  const [options, setOptions] = useState<ImportOptions>({ scope: 'full', asset: '', format: 'auto' });
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
        <Field label="Asset" hint="Where the report does not name it, or names it differently.">
          <Input maxLength={300} value={options.asset} onChange={(e) => set({ asset: e.target.value })} />
        </Field>
        <Field label="Format" required hint="Normally recognised from the content.">
          <Select options={choices} value={options.format} onChange={(e) => set({ format: e.target.value })} />
        </Field>
      </div>
      <FileDrop
        label="Drop reports here or choose files"
        hint="Trivy, Grype, osv-scanner, Nessus, SARIF, CycloneDX, OpenVEX, CSAF; KEV, EPSS, CVE, OSV and NVD; findings as CSV; plain or gzipped"
        multiple
        onFiles={(files) => addUploads(team, files, options)}
      />
    </div>
  );
}
