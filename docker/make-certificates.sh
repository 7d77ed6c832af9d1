#!/bin/sh
# An authority and one certificate for all nodes, in /certificates, once. A node's certificate is checked against the authority alone.
set -eu
directory=${1:-/certificates}
cd "$directory"
[ -f node.crt ] && exit 0
openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=akkajoin authority" -keyout authority.key -out authority.crt \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
openssl req -newkey rsa:3072 -nodes -subj "/CN=akkajoin node" -keyout node.key -out node.csr
printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n' > node.ext
openssl x509 -req -in node.csr -CA authority.crt -CAkey authority.key -CAcreateserial -days 825 -extfile node.ext -out node.crt
rm node.csr node.ext
# The nodes run as a user of their own (uid 1654 in the image).
chown 1654 node.key 2>/dev/null || true
chmod 600 node.key authority.key
