// Checks a synthesized template against the schemas of CloudFormation's resources:  node check.mjs TEMPLATE
// Every resource type, property name, required property, type of a literal value, allowed value, and every attribute that Fn::GetAtt asks for.
// Prints each violation and exits with 1 if there is one.
import { readFileSync } from 'node:fs';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';

const [templateFile] = process.argv.slice(2);
if (!templateFile) {
  console.error('Usage: node check.mjs TEMPLATE');
  process.exit(2);
}

const { Resources } = JSON.parse(readFileSync(templateFile, 'utf8'));
const specification = await loadAwsServiceSpec();
const problems = [];
let checked = 0;

// {"Ref": …}, {"Fn::GetAtt": …}: what it gives is known only to CloudFormation.
const isIntrinsic = (value) => {
  const keys = value && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
};

const describe = (value) => JSON.stringify(value).slice(0, 80);

function checkObject(value, properties, path) {
  for (const [name, { required }] of Object.entries(properties)) {
    if (required && !(name in value)) problems.push(`${path}: ${name} is required`);
  }
  for (const [name, child] of Object.entries(value)) {
    const property = properties[name];
    if (!property) {
      problems.push(`${path}: there is no property ${name}`);
      continue;
    }
    // A property whose type the schemas have corrected over time has several; one that fits is enough.
    const types = [property.type, ...(property.previousTypes ?? [])];
    checkAny(child, types, `${path}.${name}`);
  }
}

function checkAny(value, types, path) {
  const attempts = types.map((type) => {
    const before = problems.length;
    checkValue(value, type, path);
    return problems.splice(before);
  });
  if (!attempts.some((attempt) => attempt.length === 0)) problems.push(...attempts[0]);
}

function checkValue(value, type, path) {
  if (isIntrinsic(value)) return;
  checked++;
  const refuse = (expected) => problems.push(`${path}: ${describe(value)} is not ${expected}`);
  switch (type.type) {
    case 'string':
    case 'date-time':
      if (typeof value !== 'string') refuse('a text');
      else if (type.allowedValues && !type.allowedValues.includes(value)) refuse(`one of ${type.allowedValues.join(', ')}`);
      break;
    case 'integer':
    case 'number':
      if (typeof value !== 'number' || (type.type === 'integer' && !Number.isInteger(value))) refuse(`a${type.type === 'integer' ? ' whole' : ''} number`);
      break;
    case 'boolean':
      if (typeof value !== 'boolean') refuse('true or false');
      break;
    case 'array':
      if (Array.isArray(value)) value.forEach((element, index) => checkValue(element, type.element, `${path}[${index}]`));
      else refuse('a list');
      break;
    case 'map':
      if (value && typeof value === 'object' && !Array.isArray(value)) Object.entries(value).forEach(([key, element]) => checkValue(element, type.element, `${path}.${key}`));
      else refuse('a map');
      break;
    case 'tag':
      if (typeof value?.Key !== 'string' || !('Value' in value)) refuse('a tag');
      break;
    case 'ref': {
      const definition = specification.get('typeDefinition', type.reference.$ref);
      if (!value || typeof value !== 'object' || Array.isArray(value)) refuse(`a ${definition.name}`);
      else checkObject(value, definition.properties, path);
      break;
    }
    case 'union':
      checkAny(value, type.types, path);
      break;
    case 'json':
      break;
    default:
      problems.push(`${path}: this check does not know the type '${type.type}'`);
  }
}

function checkAttributes(value, path) {
  if (!value || typeof value !== 'object') return;
  const attribute = value['Fn::GetAtt'];
  if (attribute) {
    const [id, name] = typeof attribute === 'string' ? attribute.split(/\.(.*)/s) : attribute;
    const target = Resources[id];
    const schema = target && specification.lookup('resource', 'cloudFormationType', 'equals', target.Type)[0];
    if (!target) problems.push(`${path}: there is no resource ${id}`);
    else if (schema && !(name in schema.attributes)) problems.push(`${path}: ${target.Type} has no attribute ${name}`);
  }
  for (const [key, child] of Object.entries(value)) checkAttributes(child, `${path}.${key}`);
}

for (const [id, { Type, Properties }] of Object.entries(Resources)) {
  checkAttributes(Properties, id);
  // What a custom resource takes, its function says.
  if (Type.startsWith('Custom::')) continue;
  const [resource] = specification.lookup('resource', 'cloudFormationType', 'equals', Type);
  if (resource) checkObject(Properties ?? {}, resource.properties, id);
  else problems.push(`${id}: there is no resource type ${Type}`);
}

problems.forEach((problem) => console.log(problem));
console.log(`${Object.keys(Resources).length} resources, ${checked} values, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
