import type { TargetField, TargetSchema } from '@daozhang/shared';

// The values that a field allows now, null if any.
export function optionsOf(field: TargetField, target: Record<string, string>): string[] | null {
  const dependent = field['x-options-by'];
  if (dependent) return dependent.options[target[dependent.field] ?? ''] ?? [];
  return field.enum ?? null;
}

export function fieldsOf(schema: TargetSchema): [string, TargetField][] {
  return Object.entries(schema.properties);
}

type Wrong = 'required' | 'phone_cn' | 'phone' | 'too_short' | 'too_long' | 'form' | 'not_an_option';

// A first check while typing; the shop's own check at the quote has the last word.
function wrongWith(field: TargetField, value: string, target: Record<string, string>): Wrong | null {
  const options = optionsOf(field, target);
  if (options) return options.includes(value) ? null : 'not_an_option';
  if (field.format === 'phone') return wrongWithPhone(field['x-region'], value);
  if (field.minLength !== undefined && value.length < field.minLength) return 'too_short';
  if (field.maxLength !== undefined && value.length > field.maxLength) return 'too_long';
  if (field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) return 'form';
  return null;
}

function wrongWithPhone(region: string | undefined, value: string): Wrong | null {
  const digits = value.replace(/[\s()-]/g, '');
  if (region === 'CN') return /^(\+86|86|0086)?1[3-9]\d{9}$/.test(digits) ? null : 'phone_cn';
  return /^\+?\d{5,15}$/.test(digits) ? null : 'phone';
}

function missing(schema: TargetSchema, name: string, target: Record<string, string>): Wrong | null {
  if (!schema.required.includes(name)) return null;
  return optionsOf(schema.properties[name]!, target) ? 'not_an_option' : 'required';
}

export type TargetProblem = { name: string; wrong: Wrong; field: TargetField };

export function checkTarget(schema: TargetSchema, target: Record<string, string>): TargetProblem[] {
  const problems: TargetProblem[] = [];
  for (const [name, field] of fieldsOf(schema)) {
    const value = (target[name] ?? '').trim();
    const wrong = value === '' ? missing(schema, name, target) : wrongWith(field, value, target);
    if (wrong) problems.push({ name, wrong, field });
  }
  return problems;
}

// Only the fields that have a value, trimmed: what is sent.
export function targetToSend(schema: TargetSchema, target: Record<string, string>): Record<string, string> {
  const entries = fieldsOf(schema)
    .map(([name]) => [name, (target[name] ?? '').trim()] as const)
    .filter(([, value]) => value !== '');
  return Object.fromEntries(entries);
}
