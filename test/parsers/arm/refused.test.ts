import { describe, expect, it } from 'vitest';
import { reasonOf } from './evaluating.ts';

describe('functions that Azure would refuse', () => {
  it.each([
    ["[nonsense('a')]", 'there is no function nonsense()'],
    ['[length()]', 'length() takes 1 argument, found 0'],
    ["[createArray('a')[1]]", 'the array has no item 1; its length is 1'],
    ["[createObject('a', 1).b]", "the object has no property 'b'; it has 'a'"],
    ["[substring('abc', 2, 5)]", 'substring() asks for 5 characters from 2 of a text of 3'],
    ['[div(1, 0)]', 'div() divides by zero'],
    ["[fail('no hub')]", 'the template fails by intent: no hub'],
    ["[int('x')]", 'int() takes a whole number as argument 1, found a string'],
    ["[concat(createArray(), 'a')]", 'concat() takes an array, as before, as argument 2, found a string'],
    ["[format('{1}', 'a')]", 'format() has {1} and only 1 values'],
    [
      "[createObject('a')]",
      'createObject() takes names and values in pairs, found an odd number of arguments',
    ],
    ["[json('{nope')]", 'json() is given text that is not JSON: "{nope"'],
    ["[map('x', lambda('y', 1))]", 'map() takes an array as argument 1, found a string'],
    ["[uriComponentToString('%zz')]", 'uriComponentToString() is given text that cannot be converted'],
    ["[padLeft('a', 1000000000)]", 'padLeft() asks for a text of 1000000000 characters'],
    ["[add(json('1.5'), 1)]", 'add() takes a whole number as argument 1, found a number'],
    ['[map(createArray(1), 5)]', 'map() takes a lambda as argument 2'],
    ["[lambdaVariables('x')]", "lambdaVariables('x') is used outside its lambda"],
    ["[parameters('nobody')]", "the template has no parameter 'nobody'"],
    ["[variables('nobody')]", "the template has no variable 'nobody'"],
    ['[copyIndex()]', 'copyIndex() is used outside a copy loop'],
    ["[if('maybe', 1, 2)]", 'if() takes a boolean as argument 1, found a string'],
    ["[dateTimeAdd('soon', 'P1D')]", 'dateTimeAdd() is given "soon", which is not a date'],
    [
      "[dateTimeAdd('2020-01-01', '1 day')]",
      'dateTimeAdd() is given "1 day", expected an ISO 8601 duration such as P3D or -PT1H',
    ],
  ])('%s', (expression, reason) => {
    expect(reasonOf(expression)).toBe(reason);
  });
});
