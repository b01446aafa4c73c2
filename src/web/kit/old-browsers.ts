// What Chrome 87 and Safari 14 lack and the records use; first import of every page.
if (typeof Object.hasOwn !== 'function') {
  Object.defineProperty(Object, 'hasOwn', {
    value: (object: object, name: PropertyKey) =>
      Reflect.getOwnPropertyDescriptor(object, name) !== undefined,
  });
}
