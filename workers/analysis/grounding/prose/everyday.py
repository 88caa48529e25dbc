"""Words that look like names from code and are none: products, abbreviations, literals of programming languages."""

from __future__ import annotations

from workers.analysis.grounding.prose.texts import words_in

EVERYDAY_NAMES = frozenset(
    words_in(
        "github gitlab gitea bitbucket javascript typescript coffeescript postgresql mysql mariadb"
        " mongodb dynamodb clickhouse influxdb cockroachdb sqlite graphql websocket websockets webassembly"
        " openapi openai chatgpt youtube linkedin facebook macos ios ipados tvos watchos freebsd openbsd"
        " netbsd latex devops devtools pypi numpy scipy pytorch tensorflow fastapi jquery iphone grpc ebay"
        " node.js vue.js next.js nuxt.js express.js three.js d3.js react.js nest.js socket.io asp.net .net"
        " vscode intellij webstorm phpstorm powershell circleci appveyor readthedocs rabbitmq activemq"
        " rocketmq opentelemetry openssl libressl boringssl openssh opengl opencl webgl webgpu directx"
        " vulkan cmake llvm gcc clang msvc mingw riscv arm64 amd64 aarch64 x86_64 x86 x64 utf-8 utf8 utf16"
        " ascii ipv4 ipv6 i18n l10n a11y k8s kubernetes oauth oauth2 openid wifi bluetooth html5 css3 es6"
        " es2015 sha1 sha256 sha512 md5 base64 http2 http3 protobuf flatbuffers pagerduty datadog"
        " sonarqube jetbrains codeql dockerhub eslint prettier leetcode stackoverflow hotfix todo fixme"
        " codebase codepath backend frontend middleware runtime lifecycle ebpf mdns jdk jre jvm pojo"
        " restful redos mapreduce bigquery bigdecimal bytebuffer localhost e.g i.e e.g. i.e. i/o tcp/ip"
        " ci/cd and/or n/a read/write input/output client/server on/off true/false yes/no"
    )
)
"""In lower case: what is written like code in ordinary prose about software."""

VALUES = frozenset(
    words_in(
        "true false null none nil undefined nan self this void 0 1 -1 [] {} () \"\" ''"
        " int integer float double string str bool boolean list dict"
    )
)
"""In lower case: values and types that code may give without a word of them."""

LITERALS = VALUES | frozenset(
    words_in(
        "inf infinity any unknown never char byte bytes number object array map set tuple vec option"
        " result function fn func def class struct enum trait interface type const let var static async"
        " await return if else for while try except catch finally throw raise import from export default"
        " public private protected final unsafe mut ref in is not and or get post put patch delete head"
        " options main master git npm pnpm yarn pip cargo go node python bash sh"
    )
)
"""In lower case: words of programming languages and tools too, which name nothing where the commit has them."""

EVERYDAY_CAPITALS = frozenset(
    words_in(
        "API APIs CI CD CI/CD CLI CPU CPUs GPU GPUs RAM ROM IO I/O OS UI UX DX ID IDs URL URLs URI URIs"
        " HTTP HTTPS TCP UDP IP DNS TLS SSL SSH FTP SQL NoSQL JSON YAML TOML XML HTML CSS CSV PDF SVG PNG"
        " JPEG GIF ASCII UTF JS TS JSX TSX CJS ESM PR PRs MR RFC RFCs OK TODO FIXME SDK SDKs IDE IDEs ABI"
        " JIT AOT GC VM VMs JVM LTS EOL NFC AST ASTs DOM SSR CSR PHP RPC REST CRUD CVE CVEs OOM UB FFI"
        " SIMD POSIX GNU BSD MIT AI ML LLM NPM DB DBs DSL ORM MVC FAQ README CHANGELOG LICENSE NULL NOTE"
        " WARNING ERROR INFO DEBUG TRACE GET POST PUT PATCH DELETE HEAD OPTIONS LF CRLF EOF BOM UTC GMT"
        " NaN MB KB GB TB KiB MiB GiB ARM RTL LTR AM PM US UK EU C C# F# R A B I S3 AWS GCP WIP EOF N X Y"
        " Z DTO TTL UUID UUIDs CRC JWT OAuth CORS CSRF XSS SSRF HMR SPA PWA SEO RSS MCP STDIN STDOUT"
        " STDERR TTY PID CGO XDG MIME E2E QA K8s"
    )
)
"""Abbreviations that anybody who reads about software writes without thinking."""

EVERYDAY_WORDS = frozenset(
    words_in(
        "english chinese japanese korean german french spanish unicode boolean linux windows unix mac"
        " android apple google microsoft amazon azure docker git python java rust go golang ruby kotlin"
        " swift scala perl node deno bun react vue angular svelte redis kafka markdown january february"
        " march april may june july august september october november december monday tuesday wednesday"
        " thursday friday saturday sunday gregorian ansi bash makefile dockerfile asia america europe"
        " internet web wi-fi shell promise"
        " bazel maven gradle jenkins server client latin roman cyrillic arabic hebrew greek euclidean fibonacci boolean"
    )
)
"""In lower case: proper nouns of everyday writing about software."""
