#!/bin/sh
# An authority and one certificate for all nodes, in /certificates, once. A node's certificate is checked against the authority alone.
set -eu
directory=${1:-/certificates}
cd "$directory"
[ -f node.crt ] && exit 0
openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=akkajoin authority" -keyout authority.key -out authority.crt \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
openssl req -newkey rsa:3072 -nodes -subj "/CN=akkajoin node" -keyout node.key -out node.csr
printf 'subjectAltName=DNS:node-1,DNS:node-2,DNS:node-3,DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n' > node.ext
openssl x509 -req -in node.csr -CA authority.crt -CAkey authority.key -CAcreateserial -days 825 -extfile node.ext -out node.crt
rm node.csr node.ext
# The nodes run as a user of their own (uid 1654 in the image).
chown 1654 node.key 2>/dev/null || true
chmod 600 node.key authority.key
# Prometheus may see figures. Node and Prometheus have a copy of the token each: a node refuses one that others can read.
openssl rand -hex 32 > metrics.token
cp metrics.token prometheus.token
chmod 600 metrics.token prometheus.token
chown 1654 metrics.token 2>/dev/null || true
# The user "nobody", as which the image of Prometheus runs.
chown 65534 prometheus.token 2>/dev/null || true
