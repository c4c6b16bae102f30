/** The text as a Terraform string with the same value: `${` and `%{` would begin Terraform's own templates. */
export function escapeForTerraform(text: string): string {
  return text.replace(/[$%](?=\{)/g, '$&$&');
}
