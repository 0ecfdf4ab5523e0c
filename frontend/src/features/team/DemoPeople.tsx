import type { SignIn } from '../../api/schema';
import { Button } from '../../ui/Button';

/** People the demo command makes; the server tells whether they exist (`meta.demo`). */
export const demoPassword = 'patchline-demo';
const people = [
  ['amara@demo.example', 'Amara', 'Scrum master'],
  ['bram@demo.example', 'Bram', 'product owner'],
  ['chen@demo.example', 'Chen', 'member'],
  ['elif@demo.example', 'Elif', 'approver'],
] as const;

/** Invented people to look around as; one press fills the form. */
export function DemoPeople({ onChoose }: { onChoose: (values: SignIn) => void }) {
  return (
    <div className="notice calm">
      <b>This server shows invented data.</b> Sign in as somebody with the password <code>{demoPassword}</code>:
      <div className="chips">
        {people.map(([email, name, role]) => (
          <Button key={email} small onClick={() => onChoose({ email, password: demoPassword })}>
            {name}, {role}
          </Button>
        ))}
      </div>
    </div>
  );
}
