/** Says hello from ${{ values.name }}; replace it with something useful. */
export function hello(name: string): string {
  return `Hello, ${name}`;
}
