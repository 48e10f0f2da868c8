export { isWithin, type FolderEntry, type SourceFiles as TerraformFiles } from '../../source-files.ts';
