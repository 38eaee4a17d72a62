// Runs cdk-nag's AwsSolutions pack over a synthesized template:  node check.mjs TEMPLATE
// Prints each finding that nobody has accepted and exits with 1 if there is one. What is accepted, and why, is beside the resource in the
// template (Metadata.cdk_nag.rules_to_suppress). An acceptance that no finding needs any more is reported as well.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';

const [templateFile] = process.argv.slice(2);
if (!templateFile) {
  console.error('Usage: node check.mjs TEMPLATE');
  process.exit(2);
}

const template = JSON.parse(readFileSync(templateFile, 'utf8'));

/** Takes every finding, instead of the reports that the pack would write. */
class Findings {
  found = [];
  failed = [];
  suppressed = [];

  onCompliance() {}

  onNonCompliance(finding) {
    this.found.push(finding);
  }

  onSuppressed(finding) {
    this.suppressed.push(finding);
  }

  onError(error) {
    this.failed.push(error);
  }

  onNotApplicable() {}

  onSuppressedError(error) {
    this.failed.push(error);
  }
}

const directory = mkdtempSync(join(tmpdir(), 'cdk-nag-'));
try {
  const app = new App({ outdir: directory, analyticsReporting: false });
  const stack = new Stack(app, 'Checked', { synthesizer: new BootstraplessSynthesizer() });
  new CfnInclude(stack, 'Template', { templateFile, preserveLogicalIds: true });
  const findings = new Findings();
  Aspects.of(app).add(new AwsSolutionsChecks({ reports: false, additionalLoggers: [findings] }));
  app.synth();

  const name = ({ resource }) => resource.logicalId && stack.resolve(resource.logicalId);
  const lines = [
    ...findings.found.map((f) => `${f.ruleLevel} ${f.ruleId}${f.findingId ? `[${f.findingId}]` : ''} ${name(f)}: ${f.ruleInfo}`),
    ...findings.failed.map((f) => `Not checked: ${f.ruleId} ${name(f)}: ${f.errorMessage}`),
  ];
  const needed = new Set(findings.suppressed.map((f) => `${name(f)} ${f.ruleOriginalName} ${f.ruleId}`));
  const accepted = Object.entries(template.Resources).flatMap(([id, { Metadata }]) => (Metadata?.cdk_nag?.rules_to_suppress ?? []).map(({ id: rule }) => [id, rule]));
  for (const [id, rule] of accepted) {
    if (!findings.suppressed.some((f) => name(f) === id && f.ruleId === rule)) lines.push(`Accepted for nothing: ${rule} ${id}: no such finding`);
  }

  console.log(lines.join('\n'));
  console.log(`${Object.keys(template.Resources).length} resources, ${lines.length} findings, ${findings.suppressed.length} accepted`);
  process.exitCode = lines.length > 0 ? 1 : 0;
} finally {
  rmSync(directory, { recursive: true });
}
