// Checks a CloudFormation template against the AwsSolutions rules of cdk-nag.
//
//   node check.mjs TEMPLATE
//
// Prints one line a finding: its level, the rule, the logical id, why. What is accepted is written beside the resource in the template,
// with its reason: Metadata.cdk_nag.rules_to_suppress [{ id, reason }]. Exit code: 0 no error, 1 errors (a rule that could not be applied
// and an acceptance without a finding count as one), 2 the template could not be read.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';

/** Takes what the rules say, in place of the annotations that only the CDK command prints. */
class Findings {
  problems = [];
  accepted = [];

  onCompliance() {}

  onNotApplicable() {}

  onNonCompliance(finding) {
    this.problems.push(finding);
  }

  onSuppressed(finding) {
    this.accepted.push(finding);
  }

  onError(finding) {
    const cause = finding.errorMessage.split('\n')[0];
    this.problems.push({ ...finding, ruleLevel: 'Error', ruleId: 'CdkNagValidationFailure', ruleInfo: `${finding.ruleId} could not be applied: ${cause}` });
  }

  onSuppressedError(finding) {
    this.accepted.push({ ...finding, ruleId: 'CdkNagValidationFailure' });
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

function read(path) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    fail(`${path} cannot be read: ${error.message}`);
  }
  let template;
  try {
    template = JSON.parse(text);
  } catch (error) {
    fail(`${path} is not JSON: ${error.message}`);
  }
  return template?.Resources ? template : fail(`${path} is no CloudFormation template: it has no Resources.`);
}

/** What the template accepts, one entry for each resource and rule. */
function acceptances(template) {
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) =>
    (resource.Metadata?.cdk_nag?.rules_to_suppress ?? []).map(({ id: ruleId }) => ({ logicalId, ruleId })));
}

function check(templateFile, outdir) {
  // Bootstrapless: the checked template keeps its own parameters and rules, of which the default synthesizer has the same names.
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Checked', { synthesizer: new BootstraplessSynthesizer() });
  new CfnInclude(stack, 'Template', { templateFile, preserveLogicalIds: true });
  const findings = new Findings();
  Aspects.of(app).add(new AwsSolutionsChecks({ reports: false, additionalLoggers: [findings] }));
  app.synth();

  const named = (finding) => ({ ...finding, logicalId: stack.resolve(finding.resource.logicalId) });
  return { problems: findings.problems.map(named), accepted: findings.accepted.map(named) };
}

const [path, ...more] = process.argv.slice(2);
if (path === undefined || more.length > 0) fail('Usage: node check.mjs TEMPLATE');
const template = read(path);
const outdir = mkdtempSync(join(tmpdir(), 'cdk-nag-'));
try {
  const { problems, accepted } = check(path, outdir);
  const lines = problems.map(({ ruleLevel, ruleId, findingId, logicalId, ruleInfo }) => `${ruleLevel} ${ruleId}${findingId ? `[${findingId}]` : ''} ${logicalId}: ${ruleInfo}`);
  for (const { logicalId, ruleId } of acceptances(template)) {
    if (!accepted.some((a) => a.logicalId === logicalId && (a.ruleId === ruleId || a.ruleOriginalName === ruleId))) {
      lines.push(`Error ${ruleId} ${logicalId}: is accepted, and there is no such finding`);
    }
  }

  for (const line of lines) console.log(line);
  const errors = lines.filter((line) => line.startsWith('Error ')).length;
  console.log(`${Object.keys(template.Resources).length} resources, ${errors} errors, ${lines.length - errors} warnings, ${accepted.length} accepted`);
  process.exitCode = errors > 0 ? 1 : 0;
} catch (error) {
  // A property that CDK's own types do not take; eng/cfn-schema says where.
  console.log(`Error ${path} cannot be included: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(outdir, { recursive: true });
}
