"""moto's server, with endpoints as AWS makes them: addresses of their subnets, and with names and ids of the form that AWS gives."""

from moto.ec2.models import vpcs
from moto.route53 import models as route53
from moto.server import main


def names(service, endpoint):
    service_id = service.rsplit(".", 1)[-1]
    return {
        "dns_name": f"{endpoint}-ngbqfdnj.{service_id}.us-west-2.vpce.amazonaws.com",
        "hosted_zone_id": "Z1YSA3EXCYUU9Z",
    }


new_zone_id = route53.create_route53_zone_id
route53.create_route53_zone_id = lambda *about, **more: f"Z{new_zone_id(*about, **more)[1:]}"
vpcs.random_private_ip = lambda: None
vpcs.create_dns_entries = names
main()
