/** The columns of the contract's CSV, and a file that shows them. */
export const columns: readonly (readonly [name: string, text: string])[] = [
  ['name', 'Required. The name your scanner uses; unique in the team, whatever the letter case.'],
  ['kind', 'host, image, application, device, or your own word'],
  ['environment', 'production, staging, test, development or unknown'],
  ['criticality', 'low, medium, high or critical'],
  ['exposure', 'isolated, internal, unknown or internet'],
  ['regulations', 'Several are separated by ;'],
  ['owner', 'Who answers for it'],
  ['tags', 'Several are separated by ;'],
  ['identifiers', 'Addresses and serial numbers, separated by ;'],
  ['description', 'Free text'],
];

const rows = [
  columns.map(([name]) => name),
  [
    'web-01.example.com',
    'host',
    'production',
    'critical',
    'internet',
    'PCI DSS',
    'Web team',
    'linux;edge',
    '10.0.3.7',
    'Shop',
  ],
  ['registry.example.com/api:1.4', 'image', 'production', 'high', 'internal', '', 'API team', 'kubernetes', '', ''],
  ['build-07', 'host', 'test', 'low', 'isolated', '', 'Platform', 'ci', '', ''],
];

/** A data: link, so that the sample is there without a request. */
export const sampleCSV = `data:text/csv;charset=utf-8,${encodeURIComponent(rows.map((r) => `${r.join(',')}\r\n`).join(''))}`;
