#!/bin/sh
# Prints each command and what it really answers. Needs a running server without earlier logins of alice:
#   java -jar examples/http-handler/target/http-handler.jar --memory
# An argument replaces localhost:8080.
set -eu
server=${1:-localhost:8080}

run() {
  command=$(printf '%s' "$1" | sed "s/localhost:8080/$server/")
  printf '$ %s\n' "$command"
  eval "$command"
}

run "LINUX='Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'"
run "PHONE='Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1'"
run "FIREFOX=\$(curl -s -A \"\$LINUX\" -d user=alice -d password=alice-demo-password localhost:8080/login |
    sed 's/.*\"accessToken\":\"\\([^\"]*\\)\".*/\\1/')"
run "IPHONE=\$(curl -s -A \"\$PHONE\" -d user=alice -d password=alice-demo-password localhost:8080/login |
    sed 's/.*\"accessToken\":\"\\([^\"]*\\)\".*/\\1/')"
run 'curl -s -H "Authorization: Bearer $FIREFOX" localhost:8080/devices'
run "IPHONE_ID=\$(curl -s -H \"Authorization: Bearer \$FIREFOX\" localhost:8080/devices |
    sed -n 's/.*\"id\":\"\\([^\"]*\\)\",\"current\":false.*/\\1/p' | head -n 1)"
run 'curl -s -X DELETE -w "%{http_code}\n" -H "Authorization: Bearer $FIREFOX" "localhost:8080/devices/$IPHONE_ID"'
run 'curl -s -i -H "Authorization: Bearer $IPHONE" localhost:8080/me'
run 'curl -s -H "Authorization: Bearer $FIREFOX" localhost:8080/me'

refused=$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $IPHONE" "http://$server/me")
test "$refused" = 401
