/* Resolves a host, and prints its addresses, or why it has none. Built with musl, whose resolver is not glibc's. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int count, char **words)
{
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found, *each;
  char text[INET6_ADDRSTRLEN];
  int error;

  if (count != 2) return 2;
  error = getaddrinfo(words[1], NULL, &hints, &found);
  if (error != 0) {
    puts(gai_strerror(error));
    return 1;
  }
  for (each = found; each != NULL; each = each->ai_next) {
    const void *address = each->ai_family == AF_INET
      ? (const void *)&((struct sockaddr_in *)each->ai_addr)->sin_addr
      : (const void *)&((struct sockaddr_in6 *)each->ai_addr)->sin6_addr;
    puts(inet_ntop(each->ai_family, address, text, sizeof text));
  }
  freeaddrinfo(found);
  return 0;
}
