package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"sync"

	"google.golang.org/protobuf/proto"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// updater makes the server's objects those of a request, and tells how many of them changed. A PATCH names only those
// that are to change, as an API server's watch would.
type updater struct {
	mutex   sync.Mutex
	server  *xds.FakeDiscoveryServer
	current objects
}

func (u *updater) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err == nil {
		var wanted objects
		if wanted, err = parseObjects(body); err == nil {
			var changed int
			if changed, err = u.apply(request, wanted); err == nil {
				_ = json.NewEncoder(response).Encode(map[string]int{"changed": changed})
				return
			}
		}
	}
	http.Error(response, err.Error(), http.StatusBadRequest)
}

func (u *updater) apply(request *http.Request, wanted objects) (int, error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if request.Method == http.MethodPatch {
		wanted = u.current.with(wanted)
	}
	configs, err := u.applyConfigs(wanted.istio)
	if err != nil {
		return 0, err
	}
	slices, err := u.applySlices(request.Context(), wanted.slices)
	if err != nil {
		return 0, err
	}
	u.current = wanted
	return configs + slices, nil
}

func (u *updater) applyConfigs(wanted []config.Config) (int, error) {
	store := u.server.Store()
	before := map[string]config.Config{}
	for _, object := range u.current.istio {
		before[object.Key()] = object
	}
	changed := 0
	for _, object := range wanted {
		old, exists := before[object.Key()]
		delete(before, object.Key())
		if exists && sameSpec(old, object) {
			continue
		}
		changed++
		var err error
		if exists {
			_, err = store.Update(object)
		} else {
			_, err = store.Create(object)
		}
		if err != nil {
			return changed, fmt.Errorf("%s: %w", object.Key(), err)
		}
	}
	for _, gone := range before {
		changed++
		if err := store.Delete(gone.GroupVersionKind, gone.Name, gone.Namespace, nil); err != nil {
			return changed, fmt.Errorf("%s: %w", gone.Key(), err)
		}
	}
	return changed, nil
}

func sameSpec(a, b config.Config) bool {
	left, leftOK := a.Spec.(proto.Message)
	right, rightOK := b.Spec.(proto.Message)
	if leftOK && rightOK {
		return proto.Equal(left, right)
	}
	return reflect.DeepEqual(a.Spec, b.Spec)
}

func (u *updater) applySlices(ctx context.Context, wanted []discovery.EndpointSlice) (int, error) {
	before := map[string]discovery.EndpointSlice{}
	for _, slice := range u.current.slices {
		before[sliceKey(slice)] = slice
	}
	changed := 0
	for _, slice := range wanted {
		old, exists := before[sliceKey(slice)]
		if exists && reflect.DeepEqual(old, slice) {
			continue
		}
		changed++
		api := u.server.KubeClient().Kube().DiscoveryV1().EndpointSlices(slice.Namespace)
		var err error
		if exists {
			_, err = api.Update(ctx, &slice, metav1.UpdateOptions{})
		} else {
			_, err = api.Create(ctx, &slice, metav1.CreateOptions{})
		}
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}
