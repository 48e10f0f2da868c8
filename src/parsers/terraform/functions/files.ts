import { toText } from '../evaluate/values.ts';
import { fn, type Arguments, type TerraformFunction } from './function.ts';
import { boolean, array, string, type Value } from '../../value.ts';

function base64(args: Arguments): Value {
  return string(
    Buffer.from(toText(args.context.readFile(args.text(0), args.place)).value).toString('base64'),
    args.place,
  );
}

/** https://developer.hashicorp.com/terraform/language/functions#filesystem-functions */
export const FILE_FUNCTIONS: readonly TerraformFunction[] = [
  fn('file', 1, 1, (args) => args.context.readFile(args.text(0), args.place)),
  fn('filebase64', 1, 1, base64),
  fn('fileexists', 1, 1, (args) => boolean(args.context.fileExists(args.text(0), args.place), args.place)),
  fn('fileset', 2, 2, (args) =>
    array(
      args.context.fileSet(args.text(0), args.text(1), args.place).map((path) => string(path, args.place)),
      args.place,
    ),
  ),
  fn('templatefile', 2, 2, (args) => {
    const content = toText(args.context.readFile(args.text(0), args.place));
    return args.context.renderTemplate(args.text(0), content.value, args.at(1), args.place);
  }),
  fn('basename', 1, 1, (args) =>
    string(args.text(0).replace(/\/+$/, '').split('/').at(-1) ?? '', args.from(0)),
  ),
  fn('dirname', 1, 1, (args) => {
    const path = args.text(0);
    const at = path.lastIndexOf('/');
    return string(at < 0 ? '.' : at === 0 ? '/' : path.slice(0, at), args.from(0));
  }),
  fn('abspath', 1, 1, (args) => args.atRunTime()),
  fn('pathexpand', 1, 1, (args) => (args.text(0).startsWith('~') ? args.atRunTime() : args.at(0))),
];
