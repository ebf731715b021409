#!/bin/sh
# Keys and certificates for tests of TLS on the loopback; they vouch for nobody else. Run once, kept in the tree.
set -eu
cd "$(dirname "$0")"
days=36500
key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
authority() { # name
    key "$1"
    openssl req -x509 -new -key "$1.key" -days "$days" -subj "/CN=Teneur tests: $1" -out "$1.pem" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}
issue() { # name, alternative name, use
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
    printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\nsubjectAltName=%s\nauthorityKeyIdentifier=keyid\n' \
        "$3" "$2" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA roots.pem -CAkey roots.key -CAcreateserial -days "$days" -extfile "$1.ext" -out "$1.pem"
}
authority roots
authority strangers
issue server IP:127.0.0.1,DNS:localhost serverAuth
issue elsewhere DNS:elsewhere.example serverAuth
issue client DNS:client.example clientAuth
rm -f ./*.csr ./*.ext ./*.srl roots.key strangers.key
