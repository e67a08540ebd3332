// Writes the schema of what the stacks have of Google Cloud's Terraform provider, as it is in a checkout of the provider's source.
//
//	go run google-schema.go <checkout> > google-<version>.json
//
// It reads the literals and runs nothing of the provider.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

type attribute struct {
	Type     any  `json:"type"`
	Required bool `json:"required"`
	Optional bool `json:"optional"`
	Computed bool `json:"computed"`
}

type nested struct {
	Nesting  string `json:"nesting"`
	MinItems int    `json:"minItems"`
	MaxItems int    `json:"maxItems"`
	Block    block  `json:"block"`
}

type block struct {
	Attributes map[string]attribute `json:"attributes"`
	Blocks     map[string]nested    `json:"blocks"`
}

// The function that makes each resource, or the variable that has what a resource of IAM adds to a member.
var resources = map[string]string{
	"google_artifact_registry_repository_iam_member": "ArtifactRegistryRepositoryIamSchema",
	"google_compute_address":                         "ResourceComputeAddress",
	"google_compute_firewall":                        "ResourceComputeFirewall",
	"google_compute_forwarding_rule":                 "ResourceComputeForwardingRule",
	"google_compute_instance_group_manager":          "ResourceComputeInstanceGroupManager",
	"google_compute_instance_template":               "ResourceComputeInstanceTemplate",
	"google_dns_managed_zone":                        "ResourceDNSManagedZone",
	"google_dns_record_set":                          "ResourceDnsRecordSet",
	"google_project_iam_member":                      "IamProjectSchema",
	"google_service_account":                         "ResourceGoogleServiceAccount",
}

var dataSources = map[string]string{
	"google_compute_network":    "DataSourceGoogleComputeNetwork",
	"google_compute_subnetwork": "DataSourceGoogleComputeSubnetwork",
	"google_dns_managed_zone":   "DataSourceDnsManagedZone",
}

var rooms = []string{"services/compute", "services/dns", "services/artifactregistry", "services/resourcemanager", "tpgiamresource", "tpgresource", "provider"}

// What the files of the provider declare, by name.
var functions = map[string]*ast.FuncDecl{}
var variables = map[string]ast.Expr{}

func main() {
	for _, room := range rooms {
		files, err := filepath.Glob(filepath.Join(os.Args[1], "google", room, "*.go"))
		check(err)
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				read(file)
			}
		}
	}
	provider := block{map[string]attribute{}, map[string]nested{}}
	provider.add(literal(fieldsOf(provided())["Schema"]))
	known := map[string]any{"provider": provider, "resources": all(resources), "dataSources": all(dataSources)}
	text, err := json.Marshal(known)
	check(err)
	fmt.Println(string(text))
}

// The literal of the provider itself.
func provided() *ast.CompositeLit {
	var found *ast.CompositeLit
	ast.Inspect(functions["Provider"], func(node ast.Node) bool {
		if is, ok := node.(*ast.CompositeLit); ok && found == nil && shown(is.Type) == "schema.Provider" {
			found = is
		}
		return true
	})
	return found
}

func read(file string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	check(err)
	for _, declaration := range parsed.Decls {
		switch is := declaration.(type) {
		case *ast.FuncDecl:
			if is.Recv == nil {
				functions[is.Name.Name] = is
			}
		case *ast.GenDecl:
			for _, spec := range is.Specs {
				if values, ok := spec.(*ast.ValueSpec); ok {
					for index, value := range values.Values {
						variables[values.Names[index].Name] = value
					}
				}
			}
		}
	}
}

func all(types map[string]string) map[string]block {
	blocks := map[string]block{}
	for name, source := range types {
		made := block{map[string]attribute{}, map[string]nested{}}
		if strings.HasSuffix(source, "IamSchema") || strings.HasPrefix(source, "Iam") {
			made.add(literal(variables[source]))
			made.add(literal(variables["IamMemberBaseSchema"]))
		} else {
			made = blockOf(literal(&ast.CallExpr{Fun: ast.NewIdent(source)}))
		}
		made.Attributes["id"] = attribute{"string", false, true, true}
		blocks[name] = made
	}
	return blocks
}

// The literal that an expression is: itself, what a variable has, or what a function returns first.
func literal(expression ast.Expr) *ast.CompositeLit {
	switch is := expression.(type) {
	case *ast.CompositeLit:
		return is
	case *ast.UnaryExpr:
		return literal(is.X)
	case *ast.Ident:
		if value, ok := variables[is.Name]; ok {
			return literal(value)
		}
	case *ast.CallExpr:
		name, _ := is.Fun.(*ast.Ident)
		if selected, ok := is.Fun.(*ast.SelectorExpr); ok {
			name = selected.Sel
		}
		if name != nil && functions[name.Name] != nil {
			for _, statement := range functions[name.Name].Body.List {
				if returned, ok := statement.(*ast.ReturnStmt); ok {
					return literal(returned.Results[0])
				}
			}
		}
	}
	panic("is no literal: " + shown(expression))
}

func shown(expression ast.Expr) string {
	var text strings.Builder
	printer.Fprint(&text, token.NewFileSet(), expression)
	return text.String()
}

func fieldsOf(of *ast.CompositeLit) map[string]ast.Expr {
	fields := map[string]ast.Expr{}
	for _, element := range of.Elts {
		pair := element.(*ast.KeyValueExpr)
		fields[pair.Key.(*ast.Ident).Name] = pair.Value
	}
	return fields
}

// The block of a schema.Resource.
func blockOf(resource *ast.CompositeLit) block {
	made := block{map[string]attribute{}, map[string]nested{}}
	fields := fieldsOf(resource)
	made.add(literal(fields["Schema"]))
	if timeouts, ok := fields["Timeouts"]; ok {
		inner := block{map[string]attribute{}, map[string]nested{}}
		for name := range fieldsOf(literal(timeouts)) {
			inner.Attributes[strings.ToLower(name)] = attribute{"string", false, true, false}
		}
		made.Blocks["timeouts"] = nested{"single", 0, 0, inner}
	}
	return made
}

// Adds what a map[string]*schema.Schema has.
func (made *block) add(schemas *ast.CompositeLit) {
	for _, element := range schemas.Elts {
		pair := element.(*ast.KeyValueExpr)
		name := strings.Trim(pair.Key.(*ast.BasicLit).Value, `"`)
		// One for each product of Google Cloud, which no stack has.
		if !strings.HasSuffix(name, "_custom_endpoint") {
			made.addOne(name, fieldsOf(literal(pair.Value)))
		}
	}
}

func (made *block) addOne(name string, fields map[string]ast.Expr) {
	is := func(flag string) bool {
		value, ok := fields[flag].(*ast.Ident)
		return ok && value.Name == "true"
	}
	kind := strings.ToLower(strings.TrimPrefix(fields["Type"].(*ast.SelectorExpr).Sel.Name, "Type"))
	flags := attribute{kind, is("Required"), is("Optional"), is("Computed")}
	element, hasElement := fields["Elem"]
	if !hasElement && kind != "map" {
		flags.Type = scalar(kind)
		made.Attributes[name] = flags
		return
	}
	if hasElement {
		of := literal(element)
		selected := of.Type.(*ast.SelectorExpr).Sel.Name
		if selected == "Resource" {
			inner := blockOf(of)
			mode, _ := fields["ConfigMode"].(*ast.SelectorExpr)
			if (mode != nil && mode.Sel.Name == "SchemaConfigModeAttr") || (flags.Computed && !flags.Optional) {
				flags.Type = []any{kind, inner.object()}
				made.Attributes[name] = flags
				return
			}
			least := number(fields["MinItems"])
			if flags.Required && least == 0 {
				least = 1
			}
			made.Blocks[name] = nested{kind, least, number(fields["MaxItems"]), inner}
			return
		}
		inner := block{map[string]attribute{}, map[string]nested{}}
		inner.addOne("element", fieldsOf(of))
		flags.Type = []any{kind, inner.Attributes["element"].Type}
	} else {
		flags.Type = []any{"map", "string"}
	}
	made.Attributes[name] = flags
}

// The type of an object that has what the block has.
func (made block) object() any {
	members := map[string]any{}
	for name, each := range made.Attributes {
		members[name] = each.Type
	}
	for name, each := range made.Blocks {
		members[name] = []any{each.Nesting, each.Block.object()}
	}
	return []any{"object", members}
}

func scalar(kind string) string {
	switch kind {
	case "int", "float":
		return "number"
	case "bool", "string":
		return kind
	}
	panic("is no scalar: " + kind)
}

func number(value ast.Expr) int {
	count := 0
	if is, ok := value.(*ast.BasicLit); ok {
		fmt.Sscan(is.Value, &count)
	}
	return count
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
