using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AkkaJoin.House.Tests.Folders;

/// <summary>Which types a type names: in its base, fields, signatures, attributes and the bodies of its methods.</summary>
/// <remarks>
/// What the compiler leaves no trace of does not count: constants, <c>nameof</c> and doc comments.
/// </remarks>
static class TypeUses
{
    /// <summary>The types that <paramref name="type"/> itself names; a type nested in it is asked on its own.</summary>
    public static IEnumerable<TypeReference> Of(TypeDefinition type)
    {
        var uses = new List<TypeReference?> { type.BaseType };
        uses.AddRange(type.Interfaces.Select(i => i.InterfaceType));
        uses.AddRange(OfAttributes(type));
        uses.AddRange(OfConstraints(type));
        foreach (var field in type.Fields)
            uses.AddRange([field.FieldType, .. OfAttributes(field)]);
        foreach (var property in type.Properties)
            uses.AddRange(OfAttributes(property));
        foreach (var method in type.Methods)
            uses.AddRange(OfMethod(method));
        return uses.OfType<TypeReference>().SelectMany(Parts);
    }

    static List<TypeReference?> OfMethod(MethodDefinition method)
    {
        var uses = new List<TypeReference?>(OfSignature(method));
        uses.AddRange(OfAttributes(method));
        uses.AddRange(OfConstraints(method));
        uses.AddRange(method.Parameters.SelectMany(OfAttributes));
        if (!method.HasBody)
            return uses;
        uses.AddRange(method.Body.Variables.Select(v => v.VariableType));
        uses.AddRange(method.Body.ExceptionHandlers.Select(h => h.CatchType));
        uses.AddRange(method.Body.Instructions.SelectMany(OfInstruction));
        return uses;
    }

    static IEnumerable<TypeReference?> OfInstruction(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => [method.DeclaringType, .. OfSignature(method)],
        _ => [],
    };

    static IEnumerable<TypeReference?> OfSignature(MethodReference method)
    {
        IEnumerable<TypeReference?> types = [method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)];
        return method is GenericInstanceMethod generic ? types.Concat(generic.GenericArguments) : types;
    }

    static IEnumerable<TypeReference?> OfConstraints(IGenericParameterProvider generic) =>
        generic.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType);

    static IEnumerable<TypeReference?> OfAttributes(ICustomAttributeProvider owner) =>
        owner.CustomAttributes.SelectMany(a => a.ConstructorArguments.Select(v => v.Value as TypeReference).Prepend(a.AttributeType));

    // An array, a reference or a generic type: what it is made of.
    static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Prepend(generic.ElementType),
        FunctionPointerType function => OfSignature(new MethodReference("", function.ReturnType)).OfType<TypeReference>().SelectMany(Parts),
        RequiredModifierType modified => Parts(modified.ElementType).Append(modified.ModifierType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
