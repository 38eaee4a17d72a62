// Checks every resource of a CloudFormation template against the resource schemas: known types, known property names at
// every depth, required properties, simple types, allowed values, and the attributes that GetAtt and Sub ask for.
//
//   node check.mjs TEMPLATE
//
// Prints one line a problem, with its path. Exit code: 0 fine, 1 problems, 2 the template could not be read.
import { readFileSync } from 'node:fs';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

// CloudFormation allows these on every type of custom resource, and any property besides.
const isCustom = (type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
const resourceSections = new Set([
  'Type', 'Properties', 'Metadata', 'DependsOn', 'Condition', 'CreationPolicy', 'DeletionPolicy', 'UpdatePolicy', 'UpdateReplacePolicy',
]);
const rootSections = new Set([
  'AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions', 'Transform', 'Resources', 'Outputs', 'Hooks',
]);

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name of the intrinsic function that a value is, such as Ref; null for a value as it stands. */
function intrinsic(value) {
  if (!isObject(value)) return null;
  const names = Object.keys(value);
  return names.length === 1 && (names[0] === 'Ref' || names[0].startsWith('Fn::')) ? names[0] : null;
}

const kindOf = (value) => (Array.isArray(value) ? 'a list' : value === null ? 'null' : isObject(value) ? 'an object' : `${typeof value} ${JSON.stringify(value)}`);

class Checker {
  problems = [];

  constructor(database, template) {
    this.database = database;
    this.template = template;
  }

  check() {
    for (const section of Object.keys(this.template)) {
      if (!rootSections.has(section)) this.report(section, 'is no section of a template');
    }
    for (const [id, resource] of Object.entries(this.template.Resources)) this.resource(id, resource);
    for (const section of ['Resources', 'Outputs', 'Conditions']) this.attributes(section, this.template[section]);
    return this.problems;
  }

  resource(id, resource) {
    if (!isObject(resource) || typeof resource.Type !== 'string') return this.report(id, 'has no Type');
    for (const section of Object.keys(resource)) {
      if (!resourceSections.has(section)) this.report(`${id}.${section}`, 'is no part of a resource');
    }
    if (isCustom(resource.Type)) {
      if (resource.Properties?.ServiceToken === undefined) this.report(`${id}.Properties.ServiceToken`, `is required by ${resource.Type}`);
      return undefined;
    }
    const schema = this.schemaOf(resource.Type);
    if (!schema) return this.report(id, `has the type ${resource.Type}, which CloudFormation does not know`);
    return this.properties(`${id}.Properties`, resource.Properties ?? {}, schema.properties, resource.Type);
  }

  schemaOf(type) {
    return this.database.lookup('resource', 'cloudFormationType', 'equals', type)[0];
  }

  properties(path, value, schema, owner) {
    if (!isObject(value)) return this.report(path, `should be an object and is ${kindOf(value)}`);
    for (const [name, member] of Object.entries(value)) {
      if (schema[name]) this.value(`${path}.${name}`, member, schema[name]);
      else this.report(`${path}.${name}`, `is not a property of ${owner}`);
    }
    for (const [name, property] of Object.entries(schema)) {
      if (property.required && value[name] === undefined) this.report(`${path}.${name}`, `is required by ${owner}`);
    }
    return undefined;
  }

  /** A property takes its present type and those that earlier schemas gave it. */
  value(path, value, property) {
    const types = [property.type, ...(property.previousTypes ?? [])];
    this.oneOf(path, value, types);
  }

  oneOf(path, value, types) {
    const attempts = types.map((type) => {
      const before = this.problems;
      this.problems = [];
      this.typed(path, value, type);
      const found = this.problems;
      this.problems = before;
      return found;
    });
    const best = attempts.reduce((a, b) => (b.length < a.length ? b : a));
    this.problems.push(...best);
  }

  typed(path, value, type) {
    const name = intrinsic(value);
    if (name === 'Fn::If') {
      for (const branch of value['Fn::If'].slice(1)) this.typed(path, branch, type);
      return undefined;
    }
    if (name) return this.computed(path, name, type);
    switch (type.type) {
      case 'string':
        return this.text(path, value, type);
      case 'date-time':
        return typeof value === 'string' || this.report(path, `should be a time and is ${kindOf(value)}`);
      case 'boolean':
        return [true, false, 'true', 'false'].includes(value) || this.report(path, `should be true or false and is ${kindOf(value)}`);
      case 'integer':
      case 'number':
        return this.number(path, value, type);
      case 'json':
        return isObject(value) || Array.isArray(value) || typeof value === 'string' || this.report(path, `should be JSON and is ${kindOf(value)}`);
      case 'tag':
        return this.tag(path, value);
      case 'array':
        if (!Array.isArray(value)) return this.report(path, `should be a list and is ${kindOf(value)}`);
        return value.forEach((item, i) => this.typed(`${path}[${i}]`, item, type.element));
      case 'map':
        if (!isObject(value)) return this.report(path, `should be a map and is ${kindOf(value)}`);
        return Object.entries(value).forEach(([key, item]) => this.typed(`${path}.${key}`, item, type.element));
      case 'ref': {
        const definition = this.database.get('typeDefinition', type.reference);
        return this.properties(path, value, definition.properties, definition.name);
      }
      case 'union':
        return this.oneOf(path, value, type.types);
      case 'null':
        return value === null || this.report(path, `should be absent and is ${kindOf(value)}`);
      default:
        throw new Error(`${path}: the schemas have a type that this check does not know: ${type.type}`);
    }
  }

  text(path, value, type) {
    // CloudFormation turns numbers and booleans into text by itself.
    if (!['string', 'number', 'boolean'].includes(typeof value)) return this.report(path, `should be text and is ${kindOf(value)}`);
    return !type.allowedValues || type.allowedValues.includes(String(value)) || this.report(path, `is ${JSON.stringify(value)} and should be one of ${type.allowedValues.join(', ')}`);
  }

  number(path, value, type) {
    const isText = typeof value === 'string' && value.trim() !== '';
    const number = typeof value === 'number' || isText ? Number(value) : NaN;
    if (Number.isNaN(number)) return this.report(path, `should be a number and is ${kindOf(value)}`);
    if (type.type === 'integer' && !Number.isInteger(number)) return this.report(path, `should be a whole number and is ${kindOf(value)}`);
    return !type.allowedValues || type.allowedValues.includes(number) || this.report(path, `is ${number} and should be one of ${type.allowedValues.join(', ')}`);
  }

  tag(path, value) {
    if (!isObject(value)) return this.report(path, `should be a tag and is ${kindOf(value)}`);
    const own = { Key: { required: true, type: { type: 'string' } }, Value: { required: true, type: { type: 'string' } }, PropagateAtLaunch: { type: { type: 'boolean' } } };
    return this.properties(path, value, own, 'a tag');
  }

  // What a function yields is known when it is deployed; only whether it can be a list or an object is known before.
  computed(path, name, type) {
    const yieldsText = ['Fn::Join', 'Fn::Sub', 'Fn::Base64'].includes(name);
    const yieldsList = ['Fn::Split', 'Fn::GetAZs', 'Fn::Cidr'].includes(name);
    if (yieldsText && ['array', 'map', 'ref', 'tag', 'boolean'].includes(type.type)) this.report(path, `takes no text, which ${name} yields`);
    if (yieldsList && ['string', 'boolean', 'integer', 'number', 'map', 'ref', 'tag'].includes(type.type)) this.report(path, `takes no list, which ${name} yields`);
  }

  /** Every GetAtt and every ${Id.Attribute} asks for an attribute that the type has. */
  attributes(path, value) {
    if (Array.isArray(value)) return value.forEach((item, i) => this.attributes(`${path}[${i}]`, item));
    if (!isObject(value)) return undefined;
    const name = intrinsic(value);
    if (name === 'Fn::GetAtt') {
      const parts = Array.isArray(value[name]) ? value[name] : value[name].split(/\.(.*)/s, 2);
      if (typeof parts[1] === 'string') this.attribute(path, parts[0], parts[1]);
      return undefined;
    }
    if (name === 'Fn::Sub') {
      const [text, variables] = Array.isArray(value[name]) ? value[name] : [value[name], {}];
      for (const [, id, attribute] of text.matchAll(/\$\{([^!.}]+)\.([^}]+)\}/g)) {
        if (!(`${id}.${attribute}` in variables)) this.attribute(path, id, attribute);
      }
      return this.attributes(path, variables);
    }
    return Object.entries(value).forEach(([key, member]) => this.attributes(`${path}.${key}`, member));
  }

  attribute(path, id, attribute) {
    const type = this.template.Resources[id]?.Type;
    if (type === undefined || isCustom(type)) return;
    const schema = this.schemaOf(type);
    const isStackOutput = type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.');
    if (schema && !(attribute in schema.attributes) && !isStackOutput) this.report(path, `asks ${id} for ${attribute}, which ${type} does not have`);
  }

  report(path, problem) {
    this.problems.push(`${path} ${problem}`);
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
  try {
    const template = JSON.parse(text);
    return isObject(template?.Resources) ? template : fail(`${path} is no CloudFormation template: it has no Resources.`);
  } catch (error) {
    return fail(`${path} is not JSON: ${error.message}`);
  }
}

const [path, ...more] = process.argv.slice(2);
if (path === undefined || more.length > 0) fail('Usage: node check.mjs TEMPLATE');
const template = read(path);
const problems = new Checker(loadAwsServiceSpecSync(), template).check();
for (const problem of problems) console.log(problem);
console.log(`${Object.keys(template.Resources).length} resources, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
