using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace AkkaJoin.Cockpit.Page;

/// <summary>A file of the page: it is a resource of the assembly and is held in memory.</summary>
sealed class PageFile
{
    const string Prefix = "page/", Index = Prefix + "index.html";

    /// <summary>
    /// What the page may do. Nothing is loaded from elsewhere, no script or style stands in a document, and a text
    /// never becomes markup: the browser refuses to turn one into the other.
    /// </summary>
    internal const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    };

    readonly byte[] _content;
    readonly string _tag;

    PageFile(string name, byte[] content)
    {
        Path = name == Index ? "/" : "/" + name;
        ContentType = Types[System.IO.Path.GetExtension(name)];
        _content = content;
        _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";
    }

    /// <summary>Where it is served; the document itself at <c>/</c>.</summary>
    internal string Path { get; }

    /// <summary>What it is.</summary>
    internal string ContentType { get; }

    /// <summary>All files of the page.</summary>
    internal static IReadOnlyList<PageFile> ReadAll()
    {
        var assembly = typeof(PageFile).Assembly;
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               let name = resource.Replace('\\', '/')
               where name.StartsWith(Prefix, StringComparison.Ordinal)
               orderby name
               select new PageFile(name, Read(assembly.GetManifestResourceStream(resource)!)),
        ];
    }

    /// <summary>Answers with it; with its tag alone where the browser has it already.</summary>
    internal async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.PathBase + context.Request.Path;
        if (Path == "/" && path.Value?.EndsWith('/') == false)
        {
            // The addresses in the page are relative to where it is.
            context.Response.Redirect(path.ToUriComponent() + "/" + context.Request.QueryString.ToUriComponent());
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.ETag = _tag;
        headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.Any(tags => tags?.Contains(_tag, StringComparison.Ordinal) == true))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = ContentType;
        context.Response.ContentLength = _content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(_content, context.RequestAborted);
    }

    static byte[] Read(Stream stream)
    {
        using (stream)
        {
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
    }
}
