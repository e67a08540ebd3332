"""moto's server, with endpoints as AWS makes them: addresses of their subnets, and with names and ids of the form that AWS gives.

moto does not find network interfaces by IPv6, and lacks DNS Firewall and Route 53 Profiles. Here an account has none of either, in the form that AWS's API reference gives.
"""

import json

import moto.server
from moto.ec2.models import vpcs
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.route53 import models as route53


def names(service, endpoint):
    service_id = service.rsplit(".", 1)[-1]
    return {
        "dns_name": f"{endpoint}-ngbqfdnj.{service_id}.us-west-2.vpce.amazonaws.com",
        "hosted_zone_id": "Z1YSA3EXCYUU9Z",
    }


def empty_list(environ):
    if environ.get("HTTP_X_AMZ_TARGET") == "Route53Resolver.ListFirewallRuleGroupAssociations":
        return {"FirewallRuleGroupAssociations": []}
    if environ.get("PATH_INFO") == "/profileassociations":
        return {"ProfileAssociations": []}
    return None


filter_value = NetworkInterface.get_filter_value
NetworkInterface.get_filter_value = lambda self, name, *more: (
    self.ipv6_addresses if name == "ipv6-addresses.ipv6-address" else filter_value(self, name, *more)
)
make_endpoint = vpcs.VPCEndPoint.__init__


def endpoint(self, *about, **more):
    make_endpoint(self, *about, **more)
    zonal = [
        {**entry, "dns_name": entry["dns_name"].replace("-ngbqfdnj.", "-ngbqfdnj-us-west-2a.")}
        for entry in self.dns_entries or []
    ]
    self.dns_entries = [*(self.dns_entries or []), *zonal]


class Server(moto.server.DomainDispatcherApplication):
    def __call__(self, environ, start_response):
        answer = empty_list(environ)
        if answer is None:
            return super().__call__(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps(answer).encode()]


new_zone_id = route53.create_route53_zone_id
route53.create_route53_zone_id = lambda *about, **more: f"Z{new_zone_id(*about, **more)[1:]}"
vpcs.random_private_ip = lambda: None
vpcs.create_dns_entries = names
vpcs.VPCEndPoint.__init__ = endpoint
moto.server.DomainDispatcherApplication = Server
moto.server.main()
